//! A single home in one JSON file: the same tables as lists, the same columns as keys.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

use crate::chunk::{Chunk, Column, Places};
use crate::error::{At, Place, TableError, did_you_mean};
use crate::origin::{Origin, TABLES};
use crate::schema::Schema;

/// The two tables that have one row in a JSON file: the key, and the table's name.
const SINGLE: [(&str, &str); 2] = [("home", "homes"), ("tariff", "tariffs")];

/// Ids that a file of one home may leave out, with what they then are.
const HOME_ID: &str = "home_id";
const SHARED_IDS: [(&str, &str, &str); 3] =
    [("tariffs", "tariff_id", "tariff"), ("outdoor", "outdoor_id", "outdoor"), ("co2", "co2_id", "co2")];

type Objects = Vec<Map<String, Value>>;

/// Reads a file into tables.
///
/// # Errors
/// [`TableError`] if the file cannot be read, is no JSON, or has other keys than tables and their columns.
pub(crate) fn read_json(path: &Path) -> Result<Origin, TableError> {
    let at = At::file(path);
    let bytes = std::fs::read(path).map_err(|error| at.unreadable(&error))?;
    let root = serde_json::from_slice(&bytes)
        .map_err(|error| at.error(error.to_string(), "must be a valid JSON file"))?;
    let Value::Object(root) = root else {
        return Err(at.error("no object", format!("must be an object with {}", keys().join(", "))));
    };
    let mut tables = BTreeMap::new();
    for (key, value) in root {
        let Some(schema) = TABLES.iter().find(|schema| key_of(schema) == key) else {
            return Err(unknown_key(&key, &at));
        };
        tables.insert(schema.name, objects(schema, value, &at)?);
    }
    fill_ids(&mut tables);
    let mut chunks = BTreeMap::new();
    for schema in &TABLES {
        let Some(rows) = tables.remove(schema.name).filter(|rows| !rows.is_empty()) else { continue };
        let chunk = chunk(schema, rows, &at);
        for index in 0..chunk.rows {
            schema.check(chunk.given(index), &chunk.at(index))?;
        }
        chunks.insert(schema.name, chunk);
    }
    Ok(Origin::Json(at, chunks))
}

/// The key under which a table stands.
fn key_of(schema: &Schema) -> &'static str {
    SINGLE.iter().find(|(_, table)| *table == schema.name).map_or(schema.name, |(key, _)| key)
}

fn keys() -> Vec<&'static str> {
    TABLES.iter().map(key_of).collect()
}

fn unknown_key(key: &str, at: &At) -> TableError {
    let shown: String = key.chars().take(80).flat_map(char::escape_debug).collect();
    let error = at.error(format!("unknown key {shown}"), format!("must be one of {}", keys().join(", ")));
    match did_you_mean(key, keys()) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// The rows of a table: a list of objects, or the one object of a single table.
fn objects(schema: &Schema, value: Value, at: &At) -> Result<Objects, TableError> {
    let key = key_of(schema);
    if key != schema.name {
        return match value {
            Value::Object(object) => Ok(vec![object]),
            _ => Err(At { place: Place::Object(key), ..at.clone() }.error("no object", "must be an object")),
        };
    }
    let Value::Array(elements) = value else {
        return Err(
            At { place: Place::Object(key), ..at.clone() }.error("no list", "must be a list of objects")
        );
    };
    let object = |(index, element)| {
        if let Value::Object(object) = element {
            return Ok(object);
        }
        let at = At { place: Place::Element(key, index), ..at.clone() };
        Err(at.error("no object", "must be an object"))
    };
    elements.into_iter().enumerate().map(object).collect()
}

/// Gives every row the ids that tie the tables of one home together.
fn fill_ids(tables: &mut BTreeMap<&'static str, Objects>) {
    let Some(mut home) = tables.remove("homes").and_then(|mut homes| homes.pop()) else { return };
    if let Some(id) = home.get(HOME_ID).cloned() {
        for schema in TABLES.iter().filter(|schema| schema.required.contains(&HOME_ID)) {
            fill(tables.get_mut(schema.name), HOME_ID, &id);
        }
    }
    for (table, column, default) in SHARED_IDS {
        let Some(rows) = tables.get_mut(table) else { continue };
        let given = rows.first().and_then(|row| row.get(column)).cloned();
        let id = home.entry(column).or_insert_with(|| given.unwrap_or_else(|| default.into())).clone();
        fill(Some(rows), column, &id);
    }
    tables.insert("homes", vec![home]);
}

fn fill(rows: Option<&mut Objects>, column: &str, id: &Value) {
    for row in rows.into_iter().flatten() {
        row.entry(column).or_insert_with(|| id.clone());
    }
}

/// Objects as columns: the keys of all of them, missing where one has it not.
fn chunk(schema: &Schema, mut rows: Objects, at: &At) -> Chunk {
    let mut names: Vec<String> = Vec::new();
    for key in rows.iter().flat_map(Map::keys) {
        if !names.contains(key) {
            names.push(key.clone());
        }
    }
    let columns = names.into_iter().map(|name| {
        let values = rows.iter_mut().map(|row| row.remove(&name).unwrap_or(Value::Null)).collect();
        (name, Column::Json(values))
    });
    let columns = columns.collect();
    let key = key_of(schema);
    let places = if key == schema.name { Places::List(key) } else { Places::Object(key) };
    Chunk { file: at.file.clone(), columns, places, rows: rows.len() }
}
