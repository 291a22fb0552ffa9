//! All DDL.
