//! The options of `serve` and of `dev`.
//!
//! Owns their words. Must not run anything.

use clap::{Args, builder::NonEmptyStringValueParser};
use preflight::address::host_name;
use std::path::PathBuf;

/// The options of `serve` and of `dev`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Serve {
    /// Port of the edge on 127.0.0.1; 0 selects any free port
    #[arg(long, value_name = "N", default_value_t = 8787)]
    pub port: u16,
    /// Another gateway, https or loopback, with /v1: replaces the configured `base_url`
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    pub gateway: Option<String>,
    /// A file with one JSON object, comments allowed, instead of the vars of edge/wrangler.jsonc
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the objects' data and the generated secrets [default: .easel]
    ///
    /// It is private to its owner: an older state that others could read is closed to them, and a folder with other
    /// things in it that others can read is refused.
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// A proxy in front states the visitors' addresses: believe `CF-Connecting-IP` and `X-Forwarded-Proto`
    ///
    /// Without it every visitor has the address of this machine. The proxy must set both headers itself, since a client
    /// that can set the first one can choose its limits.
    #[arg(long)]
    pub behind_proxy: bool,
    /// Another name that requests may be meant for, such as the one that a proxy forwards; may be repeated
    ///
    /// A request whose header `Host` says anything but a name of this machine or one of these is refused.
    #[arg(long = "name", value_name = "HOST", value_parser = host_name)]
    pub names: Vec<String>,
}
