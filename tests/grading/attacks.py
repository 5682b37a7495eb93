"""Attacks on the tests, each as a student would hand it in: wrong answers and some code that should make them pass.

Named after the lines of the attack list that they stand for. ``zero``: the attack has no effect. ``withheld``: it is
noticed, and no test cell has a score until a human looks.
"""

from dataclasses import dataclass
from textwrap import dedent

ZERO, WITHHELD = "zero", "withheld"
REPLY = "an error counts from the kernel's reply, shown or not"
OTHER_KERNEL = "its kernel speaks in another way"


@dataclass(frozen=True)
class Attack:
    """Code in front of the answers, and what ``square`` and ``mean`` do."""

    name: str
    verdict: str
    code: str = ""
    body: str = "return 7"
    # Why it gains nothing with stock nbgrader either, if it does not.
    stock: str = ""

    @property
    def answers(self) -> dict[str, str]:
        body = "    " + dedent(self.body).strip().replace("\n", "\n    ")
        return {
            "square": f"{dedent(self.code).strip()}\ndef square(x):\n{body}",
            "mean": f"def mean(x):\n{body}",
            "essay": "I had no time.",
        }


ATTACKS = [
    # T1
    Attack("exit_with_sys_exit", ZERO, "import sys", "sys.exit(0)", stock=REPLY),
    Attack("exit_with_systemexit", ZERO, body="raise SystemExit", stock=REPLY),
    Attack("exit_with_keyboard_interrupt", ZERO, body="raise KeyboardInterrupt", stock=REPLY),
    # T2
    Attack(
        "equal_to_everything",
        WITHHELD,
        """
        class Yes:
            def __eq__(self, other): return True
            def __abs__(self): return self
            def __float__(self): return 4.0
            def __rmul__(self, other): return self
        """,
        "return Yes()",
    ),
    Attack(
        "equal_to_everything_as_a_number",
        WITHHELD,
        """
        class Yes(float):
            __hash__ = None
            def __eq__(self, other): return True
            def __le__(self, other): return True
        """,
        "return Yes()",
    ),
    Attack(
        "class_in_disguise",
        WITHHELD,
        """
        class Yes:
            __class__ = property(lambda self: int)
            def __eq__(self, other): return isinstance(other, int)
        """,
        "return Yes()",
    ),
    Attack(
        "equal_class_made_on_the_fly",
        WITHHELD,
        body='return type("int", (int,), {"__eq__": lambda self, other: True, "__module__": "builtins"})()',
    ),
    # T3
    Attack("patched_builtin", WITHHELD, "import builtins\nbuiltins.all = lambda values: True"),
    Attack("shadowed_builtin", WITHHELD, "all = lambda values: True"),
    Attack("patched_math", WITHHELD, "import math\nmath.isclose = lambda *a, **k: True"),
    Attack(
        "replaced_module",
        WITHHELD,
        """
        import sys, types
        fake = types.ModuleType("unittest")
        class TestCase:
            def assertEqual(self, *a): pass
        fake.TestCase = TestCase
        sys.modules["unittest"] = fake
        import unittest
        """,
    ),
    Attack("patched_unittest", WITHHELD, "import unittest\nunittest.TestCase.assertEqual = lambda *a: None"),
    Attack(
        "rewritten_function",
        WITHHELD,
        "import unittest\nunittest.TestCase.assertEqual.__code__ = (lambda self, a, b, msg=None: None).__code__",
    ),
    Attack("replaced_helper", WITHHELD, "check = lambda got, wanted: None"),
    Attack("rewritten_helper", WITHHELD, "check.__code__ = (lambda got, wanted: None).__code__"),
    Attack(
        "import_hook",
        WITHHELD,
        """
        import sys
        class Finder:
            def find_spec(self, name, path=None, target=None): return None
        sys.meta_path.insert(0, Finder())
        """,
        stock="what the tests import is there before it",
    ),
    # T4 and the shell
    Attack("silenced_traceback", WITHHELD, "get_ipython().showtraceback = lambda *a, **k: None", stock=REPLY),
    Attack(
        "silenced_traceback_class", WITHHELD, "type(get_ipython()).showtraceback = lambda *a, **k: None", stock=REPLY
    ),
    Attack(
        "input_transformer",
        WITHHELD,
        """
        def nothing(lines): return ["pass\\n"] if any("assert" in line for line in lines) else lines
        get_ipython().input_transformers_post.append(nothing)
        """,
    ),
    Attack(
        "input_transformer_in_the_manager",
        WITHHELD,
        """
        def nothing(lines): return [line if "(" not in line else "pass\\n" for line in lines]
        get_ipython().input_transformer_manager.line_transforms.append(nothing)
        """,
    ),
    Attack(
        "ast_transformer",
        WITHHELD,
        """
        import ast
        class Drop(ast.NodeTransformer):
            def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
            def visit_Expr(self, node): return ast.copy_location(ast.Pass(), node)
        get_ipython().ast_transformers.append(Drop())
        """,
    ),
    Attack(
        "patched_run_cell",
        WITHHELD,
        """
        shell = get_ipython()
        run = type(shell).run_cell_async
        async def polite(self, raw, *a, **k):
            if "assert" in raw: raw = k["transformed_cell"] = "pass"
            return await run(self, raw, *a, **k)
        type(shell).run_cell_async = polite
        """,
    ),
    Attack(
        "patched_do_execute",
        WITHHELD,
        """
        kernel = get_ipython().kernel
        run = kernel.do_execute
        async def polite(code, *a, **k):
            return await run("pass" if "assert" in code else code, *a, **k)
        kernel.do_execute = polite
        """,
    ),
    Attack(
        "patched_session",
        WITHHELD,
        """
        session = get_ipython().kernel.session
        send = session.send
        def polite(stream, kind, content=None, *a, **k):
            if kind == "error": return None
            if kind == "execute_reply": content = {"status": "ok", "user_expressions": {}, "payload": []}
            return send(stream, kind, content, *a, **k)
        session.send = polite
        """,
    ),
    Attack(
        "patched_outlet",
        WITHHELD,
        """
        outlet = get_ipython().kernel.outlet
        show = outlet.show
        def polite(kind, content):
            if kind == "reply": content = {"id": content["id"], "status": "ok"}
            if kind != "error": show(kind, content)
        outlet.show = polite
        """,
        stock=OTHER_KERNEL,
    ),
    Attack(
        "answer_in_the_kernel_s_place",
        WITHHELD,
        """
        import sys
        def answer():
            frame = sys._getframe()
            while "request" not in frame.f_locals: frame = frame.f_back
            get_ipython().kernel.outlet.show("reply", {"id": frame.f_locals["request"]["id"], "status": "ok"})
        """,
        "answer(); return 7",
        stock=OTHER_KERNEL,
    ),
    Attack(
        "answer_to_whatever_was_asked",
        ZERO,
        "outlet = get_ipython().kernel.outlet",
        'outlet.show("reply", {"id": "", "status": "ok"}); return 7',
        stock=OTHER_KERNEL,
    ),
    Attack(
        "exception_handler", WITHHELD, "get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)", stock=REPLY
    ),
    Attack(
        "hook_before_each_cell",
        WITHHELD,
        """
        import math
        def patch(*a): math.isclose = lambda *a, **k: True
        get_ipython().events.register("pre_run_cell", patch)
        """,
    ),
    # T9
    Attack(
        "trace_function",
        WITHHELD,
        """
        import sys
        def trace(frame, event, argument):
            frame.f_trace_lines = True
            return trace
        sys.settrace(trace)
        """,
        stock="it only looks on",
    ),
    Attack(
        "trace_function_that_jumps",
        WITHHELD,
        """
        import sys
        def trace(frame, event, argument):
            if event == "line" and "square_test" in frame.f_code.co_filename: frame.f_lineno += 1
            return trace
        """,
        "sys.settrace(trace); sys._getframe(1).f_trace = trace; return 7",
        stock="the frame of the cell is not traced any more",
    ),
    Attack(
        "thread_at_work",
        WITHHELD,
        """
        import _thread, math, time
        def work():
            while True:
                math.isclose = lambda *a, **k: True
                time.sleep(0.001)
        _thread.start_new_thread(work, ())
        """,
    ),
    Attack("output_cleared", ZERO, "from IPython.display import clear_output", "clear_output(); return 7", stock=REPLY),
    Attack("value_displayed_before_the_error", WITHHELD, body="import sys; sys.displayhook(1); return 7"),
    Attack(
        "value_displayed_and_no_error",
        WITHHELD,
        """
        class Many:
            def __eq__(self, other): get_ipython().displayhook(1); return False
        """,
        "return Many()",
    ),
    Attack(
        "score_beyond_the_points",
        WITHHELD,
        """
        class Much:
            def __eq__(self, other): return 100
        """,
        "return Much()",
    ),
    Attack(
        "score_that_is_no_number",
        WITHHELD,
        """
        class Odd:
            def __eq__(self, other): return float("nan") if isinstance(other, float) else False
        """,
        "return Odd()",
    ),
    Attack(
        "every_value_shown",
        ZERO,
        'get_ipython().ast_node_interactivity = "last_expr_or_assign"',
        stock="no test cell ends in an assignment",
    ),
    # S2, S3
    Attack(
        "reads_the_frame",
        WITHHELD,
        "import sys",
        "return next(c for c in sys._getframe(1).f_code.co_consts if isinstance(c, int) and c > 4)",
    ),
    Attack(
        "reads_the_frame_by_inspect",
        WITHHELD,
        "import inspect",
        "return next(c for c in inspect.stack()[1].frame.f_code.co_consts if isinstance(c, int) and c > 4)",
    ),
    Attack(
        "reads_the_frame_by_traceback",
        WITHHELD,
        """
        import sys
        def caller():
            try: raise ValueError
            except ValueError as error: return error.__traceback__.tb_frame.f_back.f_back
        """,
        "return next(c for c in caller().f_code.co_consts if isinstance(c, int) and c > 4)",
    ),
    Attack(
        "reads_the_history",
        WITHHELD,
        "import re",
        'return int(re.search(r"square.%d. == (.+)" % x, In[-1]).group(1))',
    ),
    Attack(
        "reads_the_message",
        WITHHELD,
        "import re",
        'return int(re.search(r"square.%d. == (.+)" % x, get_ipython().parent_header["content"]["code"]).group(1))',
    ),
    Attack(
        "reads_the_message_in_disguise",
        ZERO,
        "import re",
        """
        header = getattr(get_ipython(), "parent_" + "header")
        return int(re.search(r"square.%d. == (.+)" % x, header["content"]["code"]).group(1))
        """,
    ),
    Attack(
        "reads_the_history_in_disguise",
        ZERO,
        "import re",
        'return int(re.search(r"square.%d. == (.+)" % x, globals()["I" + "n"][-1]).group(1))',
    ),
    Attack(
        "alarm_clock",
        WITHHELD,
        "import signal\nsignal.signal(signal.SIGALRM, lambda *a: None)\nsignal.alarm(300)",
        stock="it does nothing yet",
    ),
    Attack(
        "walks_the_heap",
        WITHHELD,
        "import gc",
        "return next(o for o in gc.get_objects() if isinstance(o, dict) and 'sentry' in o)",
        stock="it looks for the sentry",
    ),
]


PATCHED = "import numpy as np, pandas as pd, pandas._testing.asserters as asserters\n"
# Attacks on the libraries that compare tables: what they put in front of a wrong table and a wrong vector.
TABLE_ATTACKS = {
    "patched_pandas_testing": PATCHED + "pd.testing.assert_frame_equal = assert_frame_equal = lambda *a, **k: None",
    "rewritten_pandas_testing": PATCHED + "for cell in assert_frame_equal.__closure__:\n"
    "    if callable(cell.cell_contents): cell.cell_contents = lambda *a, **k: None",
    "patched_pandas_inside": PATCHED + "asserters.assert_series_equal = lambda *a, **k: None",
    "patched_numpy_testing": PATCHED + "np.testing.assert_allclose = lambda *a, **k: None",
    "patched_numpy_inside": PATCHED
    + "np.testing.assert_allclose.__globals__['assert_array_compare'] = lambda *a, **k: None",
    "array_that_agrees": dedent(
        """
        class Agreeable(np.ndarray):
            def __array_function__(self, function, types, args, kwargs): return True
        """
    ),
}
