//! Data blocks: what the page holds in itself, as base64, where it is a single file.

/// The bytes of a block.
#[must_use]
pub fn block(id: &str) -> Option<Vec<u8>> {
    let text = gloo::utils::document().get_element_by_id(id)?.text_content()?;
    // The browser decodes base64 to characters of one byte each.
    let decoded = gloo::utils::window().atob(text.trim()).ok()?;
    decoded.chars().map(|byte| u8::try_from(u32::from(byte)).ok()).collect()
}
