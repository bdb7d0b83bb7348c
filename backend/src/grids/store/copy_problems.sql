-- Takes the problems of an edition.
copy problems (edition, problem, kind, cells, area_m2, width_m, owner, rule, note, shape)
from stdin (format binary)
