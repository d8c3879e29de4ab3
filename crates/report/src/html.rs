//! The page: a template with the library, the style, the code and the report as JSON.

use crate::report::Report;

const TEMPLATE: &str = include_str!("../assets/page.html");
const STYLE: &str = include_str!("../assets/page.css");
const LIBRARY: &str = include_str!("../assets/echarts/echarts.js");
const CHARTS: &str = include_str!("../assets/charts.js");
const STUDY: &str = include_str!("../assets/study.js");
const CODE: &str = include_str!("../assets/page.js");

/// The report as one HTML file that asks the network for nothing.
///
/// # Errors
/// Where a number of the report is not one: JSON has no NaN.
pub fn page(report: &Report) -> Result<String, serde_json::Error> {
    let data = harmless(&serde_json::to_string(report)?);
    let title = text(&report.title);
    let parts = [
        ("{{title}}", title.as_str()),
        ("{{style}}", STYLE),
        ("{{library}}", LIBRARY),
        ("{{charts}}", CHARTS),
        ("{{study}}", STUDY),
        ("{{code}}", CODE),
        ("{{data}}", &data),
    ];
    Ok(fill(TEMPLATE, &parts))
}

/// Puts each part in its place. What a part holds is never looked at again, so that no id can name a place.
fn fill(mut template: &str, parts: &[(&str, &str)]) -> String {
    let mut page = String::new();
    while let Some(at) = template.find("{{") {
        let (before, rest) = template.split_at(at);
        page.push_str(before);
        let part = parts.iter().find(|(name, _)| rest.starts_with(name));
        let (taken, value) = part.map_or((2, "{{"), |(name, value)| (name.len(), *value));
        page.push_str(value);
        template = &rest[taken..];
    }
    page + template
}

/// JSON in which nothing can end the script element that holds it.
fn harmless(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// Text that stands in HTML for itself.
fn text(raw: &str) -> String {
    raw.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Fact;

    const EVIL: &str = "</script><img src=x onerror=alert(1)>{{code}}";

    #[test]
    fn an_id_stays_text() {
        let plain = page(&Report::default()).unwrap();
        let report = Report {
            title: EVIL.to_owned(),
            facts: vec![Fact::new(EVIL, EVIL)],
            notes: vec![EVIL.to_owned()],
            ..Report::default()
        };
        let page = page(&report).unwrap();
        assert!(!page.contains("<img"));
        assert_eq!(page.matches("</script").count(), plain.matches("</script").count());
        assert_eq!(page.matches(CODE).count(), 1);
    }

    #[test]
    fn the_json_says_what_the_report_says() {
        let report = Report { title: EVIL.to_owned(), ..Report::default() };
        let json = harmless(&serde_json::to_string(&report).unwrap());
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["title"], EVIL);
    }

    #[test]
    fn the_page_names_no_other_file() {
        let page = page(&Report::default()).unwrap();
        let own = page.replace(LIBRARY, "");
        for word in ["http:", "https:", "src=", "<link", "@import", "url(", "fetch("] {
            assert!(!own.contains(word), "the page contains `{word}`");
        }
        assert!(page.contains("default-src 'none'"));
    }
}
