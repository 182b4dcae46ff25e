//! Positions and sizes through the styles' object model: the page's policy forbids style attributes.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::NodeRef;

/// Sets a style property of an element.
pub fn set(node: &NodeRef, property: &str, value: &str) {
    if let Some(element) = node.cast::<HtmlElement>() {
        // Only a property that the browser does not know fails, and then the stylesheet's own value stands.
        let _ = element.style().set_property(property, value);
    }
}

/// Sets a style property of what stands around an element.
pub fn set_around(node: &NodeRef, around: &str, property: &str, value: &str) {
    let found = node.cast::<HtmlElement>().and_then(|element| element.closest(around).ok()?);
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.style().set_property(property, value);
    }
}

/// Sets an attribute of the page's root element.
pub fn mark_root(attribute: &str, value: &str) {
    let root = gloo::utils::document().document_element();
    if let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
        let _ = root.set_attribute(attribute, value);
    }
}

/// Sets a style property of the page's root element.
pub fn set_root(property: &str, value: &str) {
    let root = gloo::utils::document().document_element();
    if let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
        let _ = root.style().set_property(property, value);
    }
}
