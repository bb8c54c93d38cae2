//! A browser: real Chromium, driven by chromedriver.
