//! What the build says of the frame's document: its inline parts, their hashes and the paths of its files.
//!
//! Owns reading `shell.json`, once per isolate. Must not render.

use crate::{body, failure::Failure, handler::assets};
use app::document::Shell;
use std::{cell::RefCell, rc::Rc};
use worker::Env;

/// The file that the build writes. No route names it, so that it is never served.
const PATH: &str = "/shell.json";

thread_local! {
    /// The shell, once it has been read: it is the same for every site and request.
    static SHELL: RefCell<Option<Rc<Shell>>> = const { RefCell::new(None) };
}

/// The build's shell.
pub(crate) async fn get(env: &Env) -> Result<Rc<Shell>, Failure> {
    if let Some(shell) = SHELL.with_borrow(Clone::clone) {
        return Ok(shell);
    }
    let unusable = |why: &str| Failure::Internal([PATH, " ", why].concat());
    let file = assets::fetch(env, PATH).await?;
    let file = file.ok_or_else(|| unusable("is missing from the build"))?;
    let text = body::text(file.text()).await?;
    let shell: Shell =
        engine::json::read(&text).map_err(|_| unusable("is not what the build writes"))?;
    let shell = Rc::new(shell);
    SHELL.set(Some(Rc::clone(&shell)));
    Ok(shell)
}
