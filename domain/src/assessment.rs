//! Assessment: indicators that can be drilled down to the ticket; no words here yet.
