//! A real WordPress: a copy of its files with our plugin in it, MariaDB on a socket, and PHP's own web server.
//!
//! Owns starting, installing and stopping it. Must not reach another machine, nor know what the plugin does: the test
//! does that.

use crate::visitor::client;
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep},
};
use xtask::{repo, setup::wordpress};

/// The name of its one user.
pub const USER: &str = "owner";

/// The password of that user.
pub const PASSWORD: &str = "a password of a test, long enough";

/// The time limit for a server to start.
const PATIENCE: Duration = Duration::from_mins(1);

/// Runs a program until the other end of its stdin is closed, so that it ends with a failed test too.
const TIED: &str = "\"$0\" \"$@\" & it=$!; exec >/dev/null 2>&1; cat; kill $it; wait $it";

/// MariaDB, as whoever runs the test: as root, it runs only where its user is named. Its folder is empty before, without
/// tables of rights, so that it asks nobody for a password; only who may open the socket's folder reaches it.
const MARIADB: &str =
    "exec \"$0\" --no-defaults --user=\"$(id -un)\" --skip-grant-tables --skip-networking \"$@\"";

/// A WordPress that runs.
pub struct WordPress {
    port: u16,
    folder: PathBuf,
    socket: PathBuf,
    servers: Vec<Child>,
}

impl WordPress {
    /// Starts a new one with these files of WordPress and our plugin, which nobody has activated yet.
    pub async fn start(files: &Path) -> Result<Self> {
        let folder = repo::path("target/xtask/test-wordpress");
        let _ = fs::remove_dir_all(&folder);
        // The target's path may be longer than a socket's may be.
        let socket = std::env::temp_dir().join(format!("easel-wordpress-{}", std::process::id()));
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut site = Self { port, folder, socket, servers: Vec::new() };
        site.lay(files).context("the files of WordPress")?;
        site.start_database().await.context("MariaDB")?;
        site.start_server().await.context("PHP's web server")?;
        site.install().await.context("the installation of WordPress")?;
        Ok(site)
    }

    /// Its origin, which is another site than the edge's for a browser.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The folder of the plugin in this WordPress.
    pub fn plugin(&self) -> PathBuf {
        self.files().join("wp-content/plugins/easel-studio")
    }

    /// Runs PHP in this WordPress as its user, and returns what it prints.
    pub async fn php(&self, code: &str) -> Result<String> {
        let load = "$_SERVER['HTTP_HOST'] = $argv[1]; require 'wp-load.php'; wp_set_current_user( 1 ); eval( $argv[2] );";
        let host = format!("localhost:{}", self.port);
        run_php(&["-r", load, &host, code], &self.files()).await
    }

    /// Adds a post that everybody may read; returns its address.
    pub async fn post(&self, title: &str, content: &str) -> Result<String> {
        let code = format!(
            "$post = wp_insert_post( array( 'post_title' => '{title}', 'post_content' => '{content}', 'post_status' => 'publish' ), true );
             echo is_wp_error( $post ) ? $post->get_error_message() : get_permalink( $post );"
        );
        let address = self.php(&code).await?;
        ensure!(address.starts_with(&self.origin()), "no post: {address}");
        Ok(address)
    }

    /// What PHP has noted about the plugin: notices, warnings and errors.
    pub fn complaints(&self) -> Result<Vec<String>> {
        let log = self.folder.join("debug.log");
        if !log.exists() {
            return Ok(Vec::new());
        }
        let log = fs::read_to_string(log)?;
        Ok(log.lines().filter(|line| line.contains("easel")).map(str::to_owned).collect())
    }

    /// Stops it and deletes all of it.
    pub async fn stop(mut self) -> Result<()> {
        while let Some(mut server) = self.servers.pop() {
            drop(server.stdin.take());
            server.wait().await?;
        }
        let _ = fs::remove_dir_all(&self.socket);
        Ok(fs::remove_dir_all(&self.folder)?)
    }

    fn files(&self) -> PathBuf {
        self.folder.join("site")
    }

    fn socket(&self) -> PathBuf {
        self.socket.join("socket")
    }

    /// Copies WordPress and the plugin, and writes the settings.
    fn lay(&self, files: &Path) -> Result<()> {
        copy(files, &self.files())?;
        copy(&repo::path("recipes/wordpress/easel-studio"), &self.plugin())?;
        // Without it a browser that looks for an icon notes an error.
        fs::write(self.files().join("favicon.ico"), "")?;
        let settings = fs::read_to_string(repo::path("tests/fixtures/wordpress/wp-config.php"))?;
        let settings = settings
            .replace("SOCKET", &self.socket().display().to_string())
            .replace("'LOG'", &format!("'{}'", self.folder.join("debug.log").display()));
        Ok(fs::write(self.files().join("wp-config.php"), settings)?)
    }

    async fn start_database(&mut self) -> Result<()> {
        let data = self.folder.join("database");
        fs::create_dir_all(&data)?;
        fs::create_dir_all(&self.socket)?;
        let program = wordpress::mariadbd().context("it is not installed")?;
        let mut command = tied("sh");
        command.args(["-c", MARIADB]).arg(program);
        command.arg(format!("--datadir={}", data.display()));
        command.arg(format!("--socket={}", self.socket().display()));
        self.start_tied(command, "database.log")?;
        let create = "mysqli_report( MYSQLI_REPORT_OFF );
            $database = @new mysqli( 'localhost', 'root', '', '', 0, $argv[1] );
            echo $database->connect_errno || ! $database->query( 'CREATE DATABASE wordpress' ) ? 'no' : 'yes';";
        let socket = self.socket().display().to_string();
        self.until("database.log", async || {
            Ok(run_php(&["-r", create, &socket], &self.folder).await? == "yes")
        })
        .await
    }

    async fn start_server(&mut self) -> Result<()> {
        let mut command = tied(&wordpress::php().display().to_string());
        // It sends no mail, whatever this machine can.
        command.args(["-d", "sendmail_path=true", "-S", &format!("127.0.0.1:{}", self.port), "-t"]);
        command.arg(self.files());
        self.start_tied(command, "server.log")?;
        let page = format!("{}/wp-admin/install.php", self.origin());
        self.until("server.log", async || {
            Ok(client()?.get(&page).send().await.is_ok_and(|answer| answer.status() == 200))
        })
        .await
    }

    /// Answers the one form of WordPress's own installation.
    async fn install(&self) -> Result<()> {
        let password = PASSWORD.replace(' ', "+");
        let form = format!(
            "weblog_title=Acme&user_name={USER}&admin_password={password}&admin_password2={password}&pw_weak=1\
             &admin_email=owner%40acme.example&blog_public=0&language="
        );
        let url = format!("{}/wp-admin/install.php?step=2", self.origin());
        let request =
            client()?.post(url).header("content-type", "application/x-www-form-urlencoded");
        let page = request.body(form).send().await?.error_for_status()?.text().await?;
        ensure!(page.contains("WordPress has been installed"), "{page}");
        Ok(())
    }

    fn start_tied(&mut self, mut command: Command, log: &str) -> Result<()> {
        let log = File::create(self.folder.join(log))?;
        command.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log);
        self.servers.push(command.spawn().context("no shell")?);
        Ok(())
    }

    /// Waits for a server; the error has what it wrote.
    async fn until(&self, log: &str, holds: impl AsyncFn() -> Result<bool>) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        while !holds().await? {
            if Instant::now() > until {
                bail!("it does not answer: {}", fs::read_to_string(self.folder.join(log))?);
            }
            sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }
}

/// A command that runs a program as long as its stdin is open.
fn tied(program: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", TIED, program]);
    command
}

async fn run_php(words: &[&str], folder: &Path) -> Result<String> {
    let mut command = Command::new(wordpress::php());
    let output = command.args(words).current_dir(folder).output().await.context("no PHP")?;
    let [said, wrong] =
        [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    ensure!(output.status.success(), "PHP: {said}{wrong}");
    Ok(said)
}

/// Copies a folder, and what its links lead to. A link that leads nowhere, such as to the settings of a web server, is
/// left out.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("no name")?);
        if path.is_dir() {
            copy(&path, &target)?;
        } else if path.exists() {
            fs::copy(&path, target)?;
        }
    }
    Ok(())
}
