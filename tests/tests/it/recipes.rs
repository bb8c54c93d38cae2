//! The recipes: what is checked without the program that they are for.

use anyhow::{Context, Result, ensure};
use std::{fs, path::PathBuf, process::Command};
use xtask::repo;

const PLUGIN: &str = "recipes/wordpress/easel-studio";

/// PHP, where it is installed or named by `EASEL_PHP`.
fn php(words: &[&str]) -> Result<Option<String>> {
    let program = std::env::var("EASEL_PHP").unwrap_or_else(|_| "php".to_owned());
    let Ok(output) = Command::new(program).args(words).current_dir(repo::root()).output() else {
        return Ok(None);
    };
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    ensure!(output.status.success(), "php {words:?}: {}", said.concat());
    Ok(Some(said.concat()))
}

/// Where PHP is missing (`apt-get install php-cli`), only the plugin's version is checked.
#[test]
fn the_wordpress_plugin_writes_the_element_and_stores_only_an_edge() -> Result<()> {
    let main = fs::read_to_string(repo::path(PLUGIN).join("easel-studio.php"))?;
    let version = contract::VERSION.trim_end_matches("-dev");
    assert!(main.contains(&format!(" * Version: {version}\n")), "the plugin's version is another");
    let readme = fs::read_to_string(repo::path(PLUGIN).join("readme.txt"))?;
    assert!(readme.contains(&format!("\nStable tag: {version}\n")), "another is in the readme");
    for field in ["Requires at least: ", "Requires PHP: "] {
        let of = |text: &str| text.split_once(field)?.1.lines().next().map(str::to_owned);
        assert_eq!(of(&main), of(&readme), "{field}");
    }
    let files: Vec<PathBuf> = repo::files_under(PLUGIN);
    assert!(files.len() >= 6, "{files:?}");
    for file in files.iter().filter(|file| file.extension().is_some_and(|is| is == "php")) {
        let file = file.to_str().context("a name is no text")?;
        if php(&["-l", file])?.is_none() {
            eprintln!("not checked: php is missing (apt-get install php-cli)");
            return Ok(());
        }
    }
    let plugin = repo::path(PLUGIN).display().to_string();
    let said = php(&["tests/fixtures/wordpress/check.php", &plugin])?;
    assert_eq!(said.as_deref(), Some("ok\n"));
    Ok(())
}
