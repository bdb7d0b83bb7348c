-- Takes the cells of an edition.
copy cells (edition, level, code, name, parent_level, parent, face, colour, area_m2, label_at,
            shape)
from stdin (format binary)
