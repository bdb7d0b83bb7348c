-- Takes the blank zones of an edition.
copy blank_zones (edition, zone, face, owner, rule, area_m2, shape) from stdin (format binary)
