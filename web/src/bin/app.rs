//! The page's program: everything is in the library.

fn main() {
    yew::Renderer::<msnp_web::components::App>::new().render();
}
