//! Builders of small homes and the one check that every plan in a test goes through.
