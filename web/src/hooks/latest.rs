//! A callback that stays the same while what it calls changes: whoever gets it need not be drawn anew.

use yew::prelude::*;

/// Calls whatever `callback` was when the component was drawn last.
#[hook]
pub fn use_latest<T: 'static>(callback: Callback<T>) -> Callback<T> {
    let latest = use_mut_ref(Callback::noop);
    *latest.borrow_mut() = callback;
    use_callback((), move |value: T, ()| {
        let callback = latest.borrow().clone();
        callback.emit(value);
    })
}
