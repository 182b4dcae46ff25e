//! What lies beside the page, fetched from there and nowhere else: captures as samples, and texts.

use super::block::block;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, Response};

/// A capture that comes with the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Folder beside the page.
    pub folder: &'static str,
    /// File in it.
    pub file: &'static str,
    /// Length in bytes; the build fails when the file is not there.
    pub size: usize,
    /// What to call it.
    pub title: &'static str,
    /// What it shows.
    pub about: &'static str,
}

macro_rules! samples {
    ($( $case:literal / $file:literal: $title:literal, $about:literal; )+) => {
        /// The samples, the one to begin with first.
        pub const SAMPLES: &[Sample] = &[$( Sample {
            folder: $case,
            file: $file,
            size: include_bytes!(concat!("../../../tests/captures/", $case, "/", $file)).len(),
            title: $title,
            about: $about,
        }, )+];
    };
}

samples! {
    "msnp8-signin-chat" / "capture.pcap":
        "A first chat", "Alice signs in, says hello to Bob and brings Carol in.";
    "msnp11-signed-in-elsewhere" / "capture.pcap":
        "Thrown out", "The account signs in somewhere else: a tripwire goes off.";
    "msnp12-chat-emoticons" / "capture.pcap":
        "In colour", "Fonts, colours, emoticons and the pictures that people showed.";
    "msnp11-picture-p2p" / "capture.pcap":
        "Pictures and files", "A display picture and an emoticon come in chunks, at the same time.";
    "msnp9-file-p2p-lossy" / "capture.pcap":
        "A damaged picture", "A file of which chunks are lost, repeated and altered.";
    "msnp11-file-declined" / "capture.pcap":
        "An offer declined", "A picture that nobody took: only its preview was ever seen.";
    "msnp15-signin-sso" / "capture.pcap":
        "Single sign-on", "A sign-in of 2007, with contacts, songs and offline messages.";
    "msnp11-chat-lost-segment" / "capture.pcap":
        "With holes", "A chat of which some packets were not captured.";
}

/// Fetches a sample as a file.
///
/// # Errors
/// A sentence when it cannot be had.
pub async fn fetch(sample: Sample) -> Result<File, String> {
    if let Some(bytes) = block(&format!("sample-{}", sample.folder)) {
        return named(&js_sys::Uint8Array::from(bytes.as_slice()), sample);
    }
    let path = format!("samples/{}/{}", sample.folder, sample.file);
    let blob = get(&path).await.map_err(|_| {
        format!("The sample “{}” could not be loaded. Is the page’s server still running?", sample.title)
    })?;
    named(&blob, sample)
}

/// A text that lies beside the page, or in it where it is a single file.
pub async fn text_beside(file: &str) -> Option<String> {
    if let Some(bytes) = block(file) {
        return String::from_utf8(bytes).ok();
    }
    let text = get(file).await.ok()?.text();
    JsFuture::from(text).await.ok()?.as_string()
}

fn named(content: &JsValue, sample: Sample) -> Result<File, String> {
    let parts = js_sys::Array::of1(content);
    let name = format!("{}.{}", sample.folder, sample.file.trim_start_matches("capture."));
    File::new_with_blob_sequence(&parts, &name).map_err(|_| "The browser could not keep the sample.".to_owned())
}

async fn get(path: &str) -> Result<Blob, JsValue> {
    let response: Response = JsFuture::from(gloo::utils::window().fetch_with_str(path)).await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(response.blob()?).await?.dyn_into()
}
