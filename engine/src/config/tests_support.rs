//! A good configuration for the tests of other modules.

use super::{
    Config,
    site::Site,
    tests::{EDGE, SITE},
};

pub(crate) fn config() -> Config {
    Config::from_parts(EDGE, &[("demo".to_owned(), SITE.to_owned())]).expect("is a good one")
}

pub(crate) fn site() -> Site {
    config().sites.remove(0)
}
