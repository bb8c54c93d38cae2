//! The product on real parts: one binary, a module per promise.

mod it {
    mod bench;
    mod cap;
    mod cases;
    mod documents;
    mod edits;
    mod embed;
    mod faults;
    mod http;
    mod jobs;
    mod ledger;
    mod limits;
    mod money;
    mod operator;
    mod pictures;
    mod previews;
    mod screenshots;
    mod secrets;
    mod streams;
    mod studio;
    mod uploads;
    mod visitors;
}
