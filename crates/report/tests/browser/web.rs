//! A browser that is told what to do: its driver on loopback, and the few commands of WebDriver that are needed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// A browser with its driver, both stopped when this goes.
pub(crate) struct Browser {
    child: Child,
    port: u16,
    session: String,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = request(
            self.port,
            "DELETE",
            &format!("/session/{}", self.session),
            None,
        );
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut folders = std::env::split_paths(&path);
    folders.find_map(|folder| Some(folder.join(program)).filter(|file| file.is_file()))
}

impl Browser {
    /// Starts both, with a profile of its own; `None` where they are not installed.
    pub(crate) fn start(profile: &Path) -> Option<Self> {
        found("chromium")?;
        let program = found("chromedriver")?;
        let free = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
        let port = free.local_addr().expect("it is bound").port();
        drop(free);
        let child = Command::new(program)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a program that is there starts");
        let mut browser = Self {
            child,
            port,
            session: String::new(),
        };
        let mut tries = 0;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            tries += 1;
            assert!(tries < 200, "the driver does not answer");
            std::thread::sleep(Duration::from_millis(100));
        }
        let mut flags: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
        ]
        .map(str::to_owned)
        .into();
        flags.push(format!("--user-data-dir={}", profile.display()));
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
            "unhandledPromptBehavior": "ignore",
        } } });
        let begun = request(port, "POST", "/session", Some(&wanted)).expect("a session");
        let session = begun["sessionId"].as_str().expect("its name");
        session.clone_into(&mut browser.session);
        Some(browser)
    }

    fn ask(&self, method: &str, command: &str, body: Option<&Value>) -> Result<Value, Value> {
        let path = format!("/session/{}/{command}", self.session);
        request(self.port, method, &path, body)
    }

    /// Opens a file.
    pub(crate) fn open(&self, file: &Path) {
        let url = json!({ "url": format!("file://{}", file.display()) });
        self.ask("POST", "url", Some(&url)).expect("a page opens");
    }

    /// Tells the browser something in its own protocol.
    pub(crate) fn tell(&self, command: &str, with: &Value) -> Value {
        let body = json!({ "cmd": command, "params": with });
        self.ask("POST", "goog/cdp/execute", Some(&body))
            .expect(command)
    }

    /// What a script says.
    pub(crate) fn run(&self, script: &str) -> Value {
        let body = json!({ "script": script, "args": [] });
        self.ask("POST", "execute/sync", Some(&body))
            .expect("a script runs")
    }

    /// What was said on the console since this was last asked.
    pub(crate) fn console(&self) -> Value {
        let body = json!({ "type": "browser" });
        self.ask("POST", "se/log", Some(&body)).expect("a log")
    }

    /// Whether a dialog is open.
    pub(crate) fn has_dialog(&self) -> bool {
        self.ask("GET", "alert/text", None).is_ok()
    }
}

/// Sends a request and gives what was answered; an error is the driver's.
fn request(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Value> {
    let failed = |error: std::io::Error| Value::from(error.to_string());
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut line = TcpStream::connect(("127.0.0.1", port)).map_err(failed)?;
    line.set_read_timeout(Some(Duration::from_secs(120)))
        .map_err(failed)?;
    write!(
        line,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .map_err(failed)?;
    let mut answer = BufReader::new(line);
    let mut status = String::new();
    answer.read_line(&mut status).map_err(failed)?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        answer.read_line(&mut header).map_err(failed)?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
    }
    let mut text = vec![0; length];
    answer.read_exact(&mut text).map_err(failed)?;
    let mut value: Value = serde_json::from_slice(&text).expect("a driver answers in JSON");
    let value = value["value"].take();
    if status.contains(" 200 ") {
        Ok(value)
    } else {
        Err(value)
    }
}
