//! The product on real parts: one binary, a module per promise.

mod it {
    mod accent;
    mod away;
    mod axe;
    mod bench;
    mod cancel;
    mod cap;
    mod cases;
    mod chain;
    mod composer;
    mod days;
    mod deploy;
    mod documents;
    mod edits;
    mod embed;
    mod fallbacks;
    mod faults;
    mod forbidden;
    mod gallery;
    mod http;
    mod jobs;
    mod kept;
    mod ledger;
    mod limits;
    mod lost;
    mod migrations;
    mod money;
    mod operator;
    mod panics;
    mod pictures;
    mod previews;
    mod prices;
    mod readers;
    mod rows;
    mod screenshots;
    mod secrets;
    mod statements;
    mod strangers;
    mod streams;
    mod studio;
    mod texts;
    mod uploads;
    mod viewer;
    mod visitors;
    mod wall;
}
