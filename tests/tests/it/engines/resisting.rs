//! Firefox with `privacy.resistFingerprinting`: its canvas gives back noise, so that nothing it painted is shown or sent.

use super::{check, file, make, nothing_went_wrong, open, upload};
use serde_json::json;
use tests::{
    engine::{Engine, Window},
    page::{
        engines::{IS_ORIGINAL, RECORD_WORKER},
        structure,
    },
    studio::Studio,
};

/// Whether this browser's canvas gives back something else than was painted.
const LIES: &str = "(() => {
    const context = new OffscreenCanvas(16, 16).getContext('2d');
    context.fillStyle = 'rgb(10, 120, 250)';
    context.fillRect(0, 0, 16, 16);
    return context.getImageData(0, 0, 16, 16).data.some((value, at) => Math.abs(value - [10, 120, 250, 255][at % 4]) > 8);
})()";

#[test]
fn the_original_stays_on_the_wall_where_the_canvas_gives_back_noise() {
    check(Engine::ResistingFirefox, async |window: Window| {
        open(&window, Studio::quick().await?).await?;
        assert_eq!(
            window.eval(LIES).await?,
            json!(true),
            "its canvas is honest: this shows nothing"
        );
        window.eval(RECORD_WORKER).await?;
        make(&window, "A fox").await?;
        // A thumbnail would take its place now.
        window.until("painted.length > 0").await?;
        assert_eq!(window.eval("painted").await?, json!([false]));
        assert_eq!(window.of("image", "A fox", IS_ORIGINAL).await?, json!(true));
        nothing_went_wrong(&window).await?;
        window.stop().await
    });
}

#[test]
fn a_given_picture_is_refused_in_words_where_the_canvas_gives_back_noise() {
    check(Engine::ResistingFirefox, async |window: Window| {
        let studio = Studio::quick().await?;
        open(&window, studio).await?;
        let given = file(&window, "given.jpg", &upload::photograph())?;
        window.choose_file(structure::FILES, &given).await?;
        window.read("does not let the studio prepare pictures").await?;
        assert_eq!(window.count("image", "Picture 1").await?, 0);
        // The studio goes on without it.
        make(&window, "Without the picture").await?;
        assert!(upload::sent(studio, "Without the picture")?.is_empty(), "a picture was sent");
        nothing_went_wrong(&window).await?;
        window.stop().await
    });
}
