-- Takes the arcs of an edition.
copy arcs (edition, arc, left_face, right_face, shape) from stdin (format binary)
