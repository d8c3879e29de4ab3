//! The two files that pages use; they are part of the program.

use axum::http::header;
use axum::response::IntoResponse;

const STYLE: &str = include_str!("../pages/style.css");
const ICON: &str = include_str!("../pages/icon.svg");
const CACHE: &str = "public, max-age=600";

pub(crate) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, CACHE)], STYLE)
}

pub(crate) async fn icon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, CACHE)], ICON)
}
