//! The element as a field of a form: what it submits, and what keeps the form back.

use super::stage::Stage;
use anyhow::Context;
use serde_json::{Value, json};
use tests::run;

#[test]
fn a_chosen_picture_is_submitted_with_its_form() {
    run(async {
        let body = "<form method=\"post\" enctype=\"multipart/form-data\" action=\"/order\"><easel-studio site=\"acme\" name=\"picture\"></easel-studio><button id=\"send\">Send</button><button type=\"reset\" id=\"reset\">Reset</button></form>";
        let stage = Stage::set(body, None).await?;
        stage.ready().await?;
        let choose = "studio().generate('choose')";
        let in_form = "(() => { const file = new FormData(document.forms[0]).get('picture'); return file && [file.name, file.type].join() })()";
        stage.eval(choose).await?;
        stage.until("events.some(([name]) => name === 'choose')").await?;
        assert_eq!(stage.eval("Object.keys(events.at(-1)[1]).join()").await?, "file");
        assert_eq!(stage.eval(in_form).await?, "ai-lighthouse.png,image/png");
        stage.eval("own('reset').click()").await?;
        assert_eq!(stage.eval(in_form).await?, Value::Null);
        stage.eval("{ events.length = 0; 0 }").await?;
        stage.eval(choose).await?;
        stage.until("events.some(([name]) => name === 'choose')").await?;
        stage.eval("own('send').click()").await?;
        stage.browser.read("Thank you").await?;
        let asked = stage.host.asked();
        let (_, sent) = asked.iter().find(|(line, _)| line == "POST /order").context("not sent")?;
        let sent = String::from_utf8_lossy(sent);
        assert!(
            sent.contains("name=\"picture\"; filename=\"ai-lighthouse.png\"\r\nContent-Type: image/png\r\n\r\nthe picture’s bytes\r\n"),
            "{sent}"
        );
        stage.browser.stop().await
    });
}

#[test]
fn a_form_that_requires_a_picture_is_not_sent_without_one() {
    run(async {
        let body = "<form onsubmit=\"sent++; return false\"><easel-studio site=\"acme\" required></easel-studio><button id=\"send\">Send</button><button type=\"reset\" id=\"reset\">Reset</button></form><script>window.sent = 0; window.refused = 0; addEventListener('invalid', () => refused++, true)</script>";
        let stage = Stage::set(body, None).await?;
        stage.ready().await?;
        let press = async |times: [u32; 2], why: &str| {
            stage.eval("own('send').click()").await?;
            assert_eq!(stage.eval("[sent, refused]").await?, json!(times), "{why}");
            anyhow::Ok(())
        };
        press([1, 0], "it has no name: there is nothing to send").await?;
        stage.eval("{ studio().name = 'picture'; 0 }").await?;
        press([1, 1], "no picture was chosen").await?;
        let focused = "document.activeElement === studio()";
        assert_eq!(stage.eval(focused).await?, json!(true), "the browser says why at the studio");
        let choose = "studio().generate('choose')";
        stage.eval(choose).await?;
        stage.until("events.some(([name]) => name === 'choose')").await?;
        press([2, 1], "a picture is chosen").await?;
        stage.eval("own('reset').click()").await?;
        press([2, 2], "the form was reset").await?;
        stage.eval("{ studio().required = false; 0 }").await?;
        press([3, 2], "it is not required any more").await?;
        stage.eval("{ studio().required = true; 0 }").await?;
        assert_eq!(stage.eval("studio().getAttribute('required')").await?, "");
        press([3, 3], "it is again").await?;
        stage.browser.stop().await
    });
}
