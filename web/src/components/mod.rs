//! What is on screen: one small file per part. Parts draw what they are given and say what was asked for; they hold no
//! state but folds and hovers.

mod activity;
mod app;
mod bindings;
mod chats;
mod command_table;
mod contact_table;
mod empty;
mod empty_picture;
mod explanation;
mod field_tree;
mod finding_table;
mod fonts;
mod help;
mod hex_view;
mod icons;
mod inspector;
mod ladder;
mod ladder_row;
mod lane_heads;
mod list_view;
mod overview;
mod overview_cards;
mod overview_ledger;
mod payload_block;
mod people;
mod presence_chart;
mod rail;
mod scope_picker;
mod shell;
mod signs;
mod status_bar;
mod top_bar;
mod virtual_rows;

pub use app::App;
