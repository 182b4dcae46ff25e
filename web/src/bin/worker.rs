//! The worker's program: everything is in the library.

fn main() -> Result<(), wasm_bindgen::JsValue> {
    msnp_web::worker::post::start()
}
