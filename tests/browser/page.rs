//! A page in a Chromium of its own, steered through chromedriver.

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::wd::TimeoutConfiguration;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long a condition may take to come true: software drawing on a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// What Chromium needs to draw the map without a screen, and to leave the network alone.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=zh-CN",
    "--window-size=1280,860",
];

/// A page.
pub struct Page {
    client: Client,
    driver: Child,
    service: String,
}

impl Page {
    /// A page as on a desk.
    pub async fn on_a_desk(service: &str) -> Self {
        Self::open(service, None).await
    }

    /// A page as on a phone of this width in CSS pixels.
    pub async fn on_a_phone(service: &str, width_px: u32) -> Self {
        Self::open(service, Some(width_px)).await
    }

    async fn open(service: &str, phone_width_px: Option<u32>) -> Self {
        let (driver, address) = driver();
        let mut chrome = json!({ "args": FLAGS, "binary": chromium() });
        if let Some(width) = phone_width_px {
            chrome["mobileEmulation"] = json!({
                "deviceMetrics": { "width": width, "height": 740, "pixelRatio": 1, "touch": true }
            });
        }
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": chrome });
        let Value::Object(wanted) = wanted else { unreachable!("an object was written") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&address)
            .await
            .expect("chromedriver opens Chromium (Debian: apt-get install chromium)");
        let patience = TimeoutConfiguration::new(Some(PATIENCE), Some(PATIENCE), None);
        client.update_timeouts(patience).await.expect("timeouts can be set");
        Self { client, driver, service: service.to_owned() }
    }

    /// Goes to an address of the service and waits until its map is drawn.
    pub async fn goto(&self, path: &str) {
        self.load(path).await;
        self.drawn().await;
    }

    /// Goes to a page without a map.
    pub async fn load(&self, path: &str) {
        let url = format!("{}{path}", self.service);
        self.client.goto(&url).await.expect("the page loads");
    }

    /// Loads the page with its map again.
    pub async fn reload(&self) {
        self.load_again().await;
        self.drawn().await;
    }

    /// Loads a page without a map again.
    pub async fn load_again(&self) {
        self.client.refresh().await.expect("the page loads again");
    }

    /// Waits until the map has drawn what it looks at.
    pub async fn drawn(&self) {
        self.until(
            "document.querySelector('#map')?.map?.isStyleLoaded() \
             && document.querySelector('#map').map.areTilesLoaded() \
             && !document.querySelector('#map').map.isMoving()",
        )
        .await;
    }

    /// Waits until a JavaScript expression is true, looking at every frame.
    pub async fn until(&self, condition: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1]; \
             const look = () => {{ if ({condition}) done(true); else setTimeout(look, 30); }}; \
             look();"
        );
        let met = self.client.execute_async(&script, Vec::new()).await;
        if let Err(error) = met {
            let body = self.value("document.body.innerText").await;
            panic!("never came true: {condition}\n{error}\nThe page said:\n{body}");
        }
    }

    /// The value of a JavaScript expression.
    pub async fn value(&self, expression: &str) -> Value {
        let script = format!("return {expression}");
        self.client.execute(&script, Vec::new()).await.expect("the expression has a value")
    }

    /// The text of the first element that fits, once there is one.
    pub async fn text(&self, selector: &str) -> String {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        let element = found.unwrap_or_else(|error| panic!("{selector}: {error}"));
        element.text().await.expect("an element has a text")
    }

    /// Waits until the element's text has this in it.
    pub async fn reads(&self, selector: &str, text: &str) {
        let selector = json!(selector);
        let text = json!(text);
        self.until(&format!("document.querySelector({selector})?.textContent.includes({text})"))
            .await;
    }

    /// Presses an element with the pointer.
    pub async fn press(&self, selector: &str) {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        let element = found.unwrap_or_else(|error| panic!("{selector}: {error}"));
        element.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Types into whatever has the focus; special keys are `fantoccini::key::Key`'s characters.
    pub async fn types(&self, text: &str) {
        let focused = self.client.active_element().await.expect("something has the focus");
        focused.send_keys(text).await.expect("it takes keys");
    }

    /// Where a place is drawn, in pixels of the window.
    pub async fn pixel(&self, (lng, lat): (f64, f64)) -> (f64, f64) {
        let at = self
            .value(&format!(
                "(p => [p.x, p.y])(document.querySelector('#map').map.project([{lng}, {lat}]))"
            ))
            .await;
        (at[0].as_f64().expect("a pixel"), at[1].as_f64().expect("a pixel"))
    }

    /// Clicks on the map where a place is drawn.
    pub async fn click_at(&self, place: (f64, f64)) {
        let (x, y) = self.pixel(place).await;
        let mouse = MouseActions::new("mouse".to_owned())
            .then(PointerAction::MoveTo { duration: None, x, y })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(mouse).await.expect("the mouse can be moved");
    }

    /// The address bar, without the service.
    pub async fn address(&self) -> String {
        let url = self.client.current_url().await.expect("a page has an address");
        url.as_str().replacen(&self.service, "", 1)
    }

    /// Closes it.
    pub async fn close(mut self) {
        self.client.clone().close().await.expect("Chromium closes");
        self.stop();
    }

    fn stop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.stop();
    }
}

fn chromium() -> &'static str {
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .into_iter()
        .find(|path| std::path::Path::new(path).exists())
        .expect("no Chromium: install it (Debian: apt-get install chromium chromium-driver)")
}

/// A chromedriver on a port of its own choice.
fn driver() -> (Child, String) {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("no chromedriver: install it (Debian: apt-get install chromium-driver)");
    let told = driver.stdout.take().expect("its output is ours");
    let port = BufReader::new(told)
        .lines()
        .map_while(Result::ok)
        .find_map(|line| {
            let port = line.split("on port ").nth(1)?;
            port.trim_end_matches('.').parse::<u16>().ok().filter(|port| *port > 0)
        })
        .expect("chromedriver says which port it took");
    (driver, format!("http://127.0.0.1:{port}"))
}
