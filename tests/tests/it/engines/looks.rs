//! What a state looks like in an engine: nothing is wider than the window, and `EASEL_SCREENSHOTS=DIR` keeps pictures.

use super::super::screenshots::folder;
use anyhow::{Context, Result};
use tests::{engine::Window, page::engines::FITS};

/// A desktop's window, and one as narrow as a phone or as the browser lets it be.
const SIZES: [(u32, u32); 2] = [(1280, 900), (390, 844)];

/// Looks at a state in both windows.
pub(super) async fn look(window: &Window, state: &str) -> Result<()> {
    let folder = folder()?;
    for (width, height) in SIZES {
        window.resize(width, height).await?;
        window.until(FITS).await.with_context(|| format!("{state} at {width} px"))?;
        if let Some(folder) = &folder {
            let name = format!("{state}-{}-{width}.png", window.engine());
            window.screenshot(&folder.join(name)).await?;
        }
    }
    let (width, height) = SIZES[0];
    window.resize(width, height).await
}
