//! Queues, their hours and what they say by themselves, and how many chats a person may have (PRODUCT M1 to M4).

pub mod api;
