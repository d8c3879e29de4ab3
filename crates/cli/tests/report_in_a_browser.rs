//! Reports in headless Chromium, which `scripts/setup` installs: what a reader sees, and what the network does not.

use std::path::Path;
use std::process::Command;

/// An id that ends a script and asks for an image, where it is not taken as text.
const EVIL: &str = "</script><img src=x onerror=alert(1)>{{code}}";

/// Notes every error and every refused request, before any code of the page runs.
const WATCH: &str = "<script>const wrong = [];
addEventListener('error', (event) => wrong.push(String(event.message)), true);
addEventListener('securitypolicyviolation', (event) => wrong.push('refused ' + event.blockedURI));</script>";

/// Uses the page and tells the one around it what came of it.
const PROBE: &str = "<script>addEventListener('load', () => setTimeout(() => {
  const root = document.documentElement, charts = [...document.querySelectorAll('.chart')];
  const drawn = () => charts.filter((chart) => chart.isConnected && chart.querySelectorAll('svg path').length > 5).length;
  const told = { wrong, charts: charts.length, drawn: drawn(), wider: root.scrollWidth - innerWidth,
    asked: performance.getEntriesByType('resource').length, images: document.images.length, first: root.dataset.theme };
  document.getElementById('theme').click();
  told.second = root.dataset.theme;
  told.redrawn = drawn();
  dispatchEvent(new Event('beforeprint'));
  told.printed = root.dataset.theme;
  dispatchEvent(new Event('afterprint'));
  told.restored = root.dataset.theme;
  const headings = () => [...document.querySelectorAll('h3')].map((heading) => heading.textContent);
  const choice = document.querySelector('select[aria-label=policy]');
  if (choice) {
    told.headings = headings();
    choice.focus();
    told.focus = document.activeElement.getAttribute('aria-label');
    choice.value = choice.options[0].value;
    choice.dispatchEvent(new Event('change'));
    told.chosen = headings();
  }
  document.querySelector('details').open = true;
  told.text = document.getElementById('main').textContent.slice(0, 40000);
  setTimeout(() => { told.rows = document.querySelectorAll('details[open] tbody tr').length; parent.postMessage(JSON.stringify(told), '*'); }, 200);
}, 300));</script>";

fn offpeak(folder: &Path, arguments: &[&str]) {
    assert_cmd::Command::cargo_bin("offpeak")
        .expect("the program")
        .current_dir(folder)
        .args(arguments)
        .assert()
        .success();
}

/// A report of four homes, one of which is called [`EVIL`].
fn report(folder: &Path) -> String {
    offpeak(
        folder,
        &["synth", "--homes", "4", "--seed", "3", "--day", "2026-01-15", "--mix", "full", "--out", "fleet"],
    );
    for entry in std::fs::read_dir(folder.join("fleet")).expect("the fleet") {
        let path = entry.expect("a table").path();
        let table = std::fs::read_to_string(&path).expect("text");
        std::fs::write(&path, table.replace("home-000002", EVIL)).expect("written");
    }
    let plan = [
        "plan",
        "--fleet",
        "fleet",
        "--day",
        "2026-01-15",
        "--effort",
        "quick",
        "--certificates",
        "--out",
        "plans",
    ];
    offpeak(folder, &plan);
    offpeak(folder, &["report", "plans", "--out", "report.html"]);
    std::fs::read_to_string(folder.join("report.html")).expect("the report")
}

/// What the probe tells of the page in a window `width` pixels wide.
fn look(folder: &Path, page: &str, width: u32) -> serde_json::Value {
    let inner = page.replacen("<title>", &format!("{WATCH}<title>"), 1).replacen(
        "</body>",
        &format!("{PROBE}</body>"),
        1,
    );
    std::fs::write(folder.join("inner.html"), inner).expect("written");
    let outer = format!(
        "<body><iframe src=inner.html style='width:{width}px;height:900px;border:0'></iframe>
         <script>onmessage = (event) => document.body.replaceChildren(btoa(unescape(encodeURIComponent(event.data))))</script>"
    );
    let file = folder.join("outer.html");
    std::fs::write(&file, outer).expect("written");
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let output = Command::new("chromium")
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=20000",
            "--dump-dom",
            &profile,
        ])
        .args([format!("--window-size={},1000", width + 40), format!("file://{}", file.display())])
        .output()
        .expect("chromium runs; hint: scripts/setup installs it");
    let dom = String::from_utf8(output.stdout).expect("text");
    let body = dom.split("<body>").nth(1).and_then(|rest| rest.split("</body>").next()).expect("a body");
    let bytes = decode(body.trim());
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{error}: {dom}"))
}

/// Base64, so that no markup of the page around it has to be undone.
fn decode(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sextets: Vec<u8> = text
        .bytes()
        .filter_map(|byte| LETTERS.iter().position(|letter| *letter == byte))
        .map(|place| u8::try_from(place).expect("below 64"))
        .collect();
    let bits = sextets.chunks(4).flat_map(|four| {
        let all =
            four.iter().fold(0_u32, |all, sextet| all << 6 | u32::from(*sextet)) << (6 * (4 - four.len()));
        all.to_be_bytes()[1..four.len()].to_vec()
    });
    bits.collect()
}

#[test]
fn a_report_draws_every_chart_and_asks_the_network_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let page = report(folder.path());
    for width in [1200, 390] {
        let told = look(folder.path(), &page, width);
        assert_eq!(told["wrong"], serde_json::json!([]), "at {width}");
        assert_eq!(told["asked"], 0, "at {width}");
        assert_eq!(told["images"], 0, "at {width}");
        assert!(told["charts"].as_u64().unwrap() >= 10, "at {width}: {}", told["charts"]);
        assert_eq!(told["drawn"], told["charts"], "at {width}");
        assert_eq!(told["redrawn"], told["charts"], "at {width}");
        assert!(told["wider"].as_i64().unwrap() <= 0, "at {width} the page is wider by {}", told["wider"]);
        assert_ne!(told["first"], told["second"], "the button changes nothing");
        assert_eq!(told["printed"], "light");
        assert_eq!(told["restored"], told["second"]);
        assert!(told["rows"].as_u64().unwrap() > 2, "no table beside the chart");
        assert!(told["text"].as_str().unwrap().contains(EVIL), "the id is not shown as it is");
    }
}

/// A report of the toy study, in which the tariff `flat` is called [`EVIL`].
fn replayed(folder: &Path) -> String {
    let toy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/toy-study");
    std::fs::create_dir(folder.join("fleet")).expect("a folder");
    for entry in std::fs::read_dir(toy.join("fleet")).expect("the fleet") {
        let path = entry.expect("a table").path();
        let table = std::fs::read_to_string(&path).expect("text").replace("flat,", &format!("{EVIL},"));
        std::fs::write(folder.join("fleet").join(path.file_name().expect("a name")), table).expect("written");
    }
    let study = std::fs::read_to_string(toy.join("replay.toml")).expect("the study");
    std::fs::write(folder.join("replay.toml"), study.replace("\"flat\"", &format!("\"{EVIL}\"")))
        .expect("written");
    offpeak(folder, &["replay", "replay.toml", "--out", "results"]);
    offpeak(folder, &["report", "results", "--out", "report.html"]);
    std::fs::read_to_string(folder.join("report.html")).expect("the report")
}

#[test]
fn a_report_of_a_replay_draws_every_chart_and_follows_its_choices() {
    let folder = tempfile::tempdir().unwrap();
    let page = replayed(folder.path());
    for width in [1200, 390] {
        let told = look(folder.path(), &page, width);
        assert_eq!(told["wrong"], serde_json::json!([]), "at {width}");
        assert_eq!((&told["asked"], &told["images"]), (&0.into(), &0.into()), "at {width}");
        assert!(told["charts"].as_u64().unwrap() >= 6, "at {width}: {}", told["charts"]);
        assert_eq!(told["drawn"], told["charts"], "at {width}");
        assert_eq!(told["redrawn"], told["charts"], "at {width}");
        assert!(told["wider"].as_i64().unwrap() <= 0, "at {width} the page is wider by {}", told["wider"]);
        assert_ne!(told["first"], told["second"], "the button changes nothing");
        assert_eq!((&told["printed"], &told["restored"]), (&"light".into(), &told["second"]));
        assert!(told["rows"].as_u64().unwrap() >= 2, "no table beside the chart");
        assert!(told["text"].as_str().unwrap().contains(EVIL), "the name is not shown as it is");
        let [before, after] = [&told["headings"], &told["chosen"]].map(ToString::to_string);
        assert!(!before.contains("Flexible load: uncontrolled"), "at {width}: {before}");
        assert!(after.contains("Flexible load: uncontrolled"), "at {width}: {after}");
        assert_eq!(told["focus"], "policy", "the keyboard reaches the choices");
    }
}

#[test]
fn the_same_plans_make_the_same_page() {
    let folder = tempfile::tempdir().unwrap();
    let page = report(folder.path());
    offpeak(folder.path(), &["report", "plans", "--out", "again.html", "--svg", "svg", "--png", "png"]);
    for (kind, head) in [("svg", b"<svg".as_slice()), ("png", b"\x89PNG")] {
        let read =
            |name: &str| std::fs::read(folder.path().join(kind).join(name).with_extension(kind)).unwrap();
        for name in
            ["fleet-spread-1", "fleet-waterfall", "home-1-power", "home-4-store-1", "home-4-waterfall"]
        {
            assert!(read(name).starts_with(head), "{kind} of {name}");
        }
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("again.html")).unwrap(), page);
    offpeak(folder.path(), &["report", "plans", "--home", "home-000003", "--out", "one.html"]);
    let one = std::fs::read_to_string(folder.path().join("one.html")).unwrap();
    assert!(one.len() < page.len() && one.contains(r#""homes":[{"id":"home-000003""#));
    let unknown = ["report", "plans", "--home", "nobody"];
    let refused =
        assert_cmd::Command::cargo_bin("offpeak").unwrap().current_dir(folder.path()).args(unknown).assert();
    let told = String::from_utf8(refused.failure().get_output().stderr.clone()).unwrap();
    assert!(told.contains("no plan for home `nobody`"), "{told}");
}
