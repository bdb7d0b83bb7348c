"""Times GEOS's coverage validation and cleaning on rings read from standard input."""
import sys
import time

import numpy
import shapely

rings = [numpy.array(line.split(), dtype=float).reshape(-1, 2) for line in sys.stdin]
polygons = shapely.polygons([shapely.linearrings(ring) for ring in rings])
start = time.process_time()
shapely.coverage_invalid_edges(polygons)
print(time.process_time() - start, flush=True)
try:
    start = time.process_time()
    shapely.coverage_clean(polygons)
    print(time.process_time() - start)
except Exception as why:  # said in the table as "fails"
    print(type(why).__name__)
