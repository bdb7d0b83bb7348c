//! Tickets: a case made of reports that is worked on; no words here yet.
