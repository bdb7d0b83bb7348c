//! Plans: a planner's draft: an ordered list of edits on a base edition; no words here yet.
