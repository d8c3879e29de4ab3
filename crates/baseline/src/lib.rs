//! What a home does when nobody plans: the schedule that savings are measured against.
