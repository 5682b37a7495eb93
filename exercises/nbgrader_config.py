"""The course as nbgrader sees it: run every nbgrader command from this folder.

Know students by an id such as ``student-017``, never by name: nbgrader writes ids to messages, paths and exports.
"""

import os
import sys
from pathlib import Path

from guarantees import data_folder
from guarantees.grading import protect

c = get_config()  # noqa: F821
here = Path(__file__).resolve().parent

# nbgrader starts alembic by name when it makes a gradebook; this finds it without an activated environment.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

c.CourseDirectory.course_id = "security-guarantees"
c.CourseDirectory.root = str(here)
# Another process that writes to the gradebook (the formgrader, a second autograde) makes this one wait, not fail.
c.CourseDirectory.db_url = f"sqlite:///{here / 'gradebook.db'}?timeout=60"

# nbgrader's own default, /usr/local/share/nbgrader/exchange, needs an administrator; a shared server names its own.
exchange = Path(os.environ.get("NBGRADER_EXCHANGE", here / "exchange"))
exchange.mkdir(exist_ok=True)
c.Exchange.root = str(exchange)

# course_seed.py: a graded course sets c.CourseSeed.seed, or runs make release SEED=…
sys.path.insert(0, str(here))
c.GenerateAssignment.preprocessors.insert(0, "course_seed.CourseSeed")

c.ClearSolutions.code_stub = {
    "python": '# YOUR CODE HERE\nraise NotImplementedError("not answered yet: put your answer in place of this line")'
}
# Students' code runs in a sandbox, and no submission can spoil another's grading.
protect(c)
c.Sandbox.readable = [str(data_folder())]
c.Sandbox.preload = ["guarantees.warm"]
# Seconds for one cell. Where kernels start cold, the first one imports pandas and validates the tables.
c.Execute.timeout = 60
