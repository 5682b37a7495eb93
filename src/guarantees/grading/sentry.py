"""Stands guard inside the student's kernel. Sent there as text before the first cell runs; needs nothing but Python.

What it knows of the untouched kernel it learns on arrival. Asked for a verdict, it compares, puts back what was
changed, and signs what it found with a key that only the grader knows.

It cannot be more than a good witness. It lives in the same process as the student's code, which may find it, read its
key or change the interpreter below it. It stops what works against any autograder; it does not stop a program written
against this one.
"""


def install(key, modules):
    import builtins
    import gc
    import hashlib
    import importlib
    import json
    import operator
    import random
    import signal
    import sys
    import types

    shell = get_ipython()  # noqa: F821
    names = shell.user_ns
    at_first = dict(names)
    # What IPython and the kernel set and unset in the builtins around each cell.
    coming_and_going = {*shell.builtin_trap.auto_builtins, "input"}
    frames, current_frames, get_trace, get_profile = sys._getframe, sys._current_frames, sys.gettrace, sys.getprofile
    set_trace, set_profile = sys.settrace, sys.setprofile
    dumps, keyed, getrandbits = json.dumps, hashlib.blake2b, random.SystemRandom().getrandbits
    setattribute, subclasses = type.__setattr__, type.__subclasses__
    same, each, every = operator.is_, map, all

    # A file of the student's beside the notebook must not stand in for a library.
    path = sys.path[:]
    sys.path[:] = [entry for entry in path if entry not in ("", ".")]
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception:
            continue
    sys.path[:] = path

    watched = (
        "builtins", "math", "cmath", "operator", "unittest", "numpy.testing", "numpy._core", "pandas.testing",
        "pandas._testing", "pandas.core.dtypes", "pandas.core.frame", "pandas.core.series", "pandas.core.generic",
        "pandas.core.base", "pandas.core.arraylike", "pandas.core.indexes.base", "IPython.core.interactiveshell",
        "IPython.core.displayhook", "ipykernel", "jupyter_client.session", "traceback", "guarantees.grading.kernel",
        "guarantees.grading.wire",
    )  # fmt: skip

    def is_watched(name):
        return name in modules or any(name == root or name.startswith(root + ".") for root in watched)

    things = []  # owner, and of what is watched of it: names, values, places
    genuine = {}  # by id: function, place, code, defaults, keyword defaults
    written_to = []  # ids of such functions
    closures = []  # cell, content
    attributes_of = []  # class, names
    noted = set()
    HEAP = 1 << 9  # the flag of classes written in Python

    def note_parts(function, place):
        parts = function.__code__, function.__defaults__, function.__kwdefaults__
        genuine.setdefault(id(function), (function, place, *parts))

    def note_code(function, place):
        note_parts(function, place)
        for cell in function.__closure__ or ():
            try:
                content = cell.cell_contents
            except ValueError:
                continue
            if callable(content):
                closures.append((cell, content, place))
            if isinstance(content, types.FunctionType):
                note_parts(content, place)

    def note(owner, attributes, place):
        watched_names, values, places = [], [], []
        things.append((owner, watched_names, values, places))
        for name, value in list(attributes.items()):
            if owner.__class__ is types.ModuleType and name.startswith("__") and name != "__import__":
                continue
            if owner is builtins and name in coming_and_going:
                continue
            function = getattr(value, "__func__", value)
            if isinstance(function, types.FunctionType):
                note_code(function, place + name)
            if callable(value) or isinstance(value, (property, classmethod, staticmethod, types.ModuleType)):
                watched_names.append(name)
                values.append(value)
                places.append(place + name)

    for module_name, module in list(sys.modules.items()):
        if isinstance(module, types.ModuleType) and is_watched(module_name):
            note(module, vars(module), module_name + ".")
            for value in list(vars(module).values()):
                if (
                    isinstance(value, type)
                    and value not in noted
                    and value.__flags__ & HEAP
                    and is_watched(value.__module__)
                ):
                    noted.add(value)
                    note(value, vars(value), value.__name__ + ".")
                    attributes_of.append((value, set(vars(value))))
    loaded = {name: module for name, module in sys.modules.items() if is_watched(name)}

    interactivity = shell.ast_node_interactivity
    manager = shell.input_transformer_manager
    lists = [
        (shell.ast_transformers, list(shell.ast_transformers), "AST transformers"),
        (shell.input_transformers_post, list(shell.input_transformers_post), "input transformers"),
        (manager.cleanup_transforms, list(manager.cleanup_transforms), "input transformers"),
        (manager.line_transforms, list(manager.line_transforms), "input transformers"),
        (manager.token_transformers, list(manager.token_transformers), "input transformers"),
    ]
    holders = [
        (shell, "the shell"), (shell.kernel, "the kernel"), (shell.kernel.session, "the session"),
        (shell.displayhook, "the display hook"), (shell.display_pub, "the publisher"), (shell.compile, "the compiler"),
        (manager, "the input transformers"), (shell.InteractiveTB, "the traceback"),
    ]  # fmt: skip
    if hasattr(shell.kernel, "outlet"):
        holders.append((shell.kernel.outlet, "the outlet"))
    held = [(holder, holder.__class__, dict(vars(holder)), place) for holder, place in holders]
    events = {name: list(callbacks) for name, callbacks in shell.events.callbacks.items()}
    threads = set(current_frames())
    bases = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset, BaseException, object)
    tables = tuple(
        getattr(sys.modules[module], name)
        for module, name in (("numpy", "ndarray"), ("pandas", "DataFrame"), ("pandas", "Series"), ("pandas", "Index"))
        if hasattr(sys.modules.get(module), name)
    )
    visited = set()
    owned = {}  # what the instructor's cells defined
    tests = set()  # file names under which the instructor's cells are compiled
    found = []
    watching = [False]
    busy = [False]

    def is_students(function):
        function = getattr(function, "__func__", function)
        return getattr(function, "__globals__", None) is names or type(function).__module__ == "__main__"

    # Audit hooks cannot be taken off again: while a test runs, the student's code sees no frame but its own.
    hidden = {
        "sys._getframe", "sys._current_frames", "sys.settrace", "sys.setprofile", "gc.get_objects", "gc.get_referrers",
        "gc.get_referents", "sys.monitoring.register_callback", "object.__getattr__",
    }  # fmt: skip
    spying = {"tb_frame", "gi_frame", "cr_frame", "ag_frame", "f_code", "gi_code"}

    def audit(event, arguments):
        # Nobody can set the code or the defaults of a function without this event.
        if event == "object.__setattr__" and id(arguments[0]) in genuine:
            written_to.append(id(arguments[0]))
        if event == "sys.addaudithook" and not busy[0]:
            found.append("an audit hook was set")
        if not watching[0] or event not in hidden or busy[0]:
            return
        if event == "object.__getattr__" and arguments[1] not in spying:
            return
        busy[0] = True
        try:
            frame = frames(1)
            while frame is not None and frame.f_globals.get("__name__") == "inspect":
                frame = frame.f_back
            if frame is None or frame.f_globals is not names or frame.f_code.co_filename in tests:
                return
            what = arguments[1] if event == "object.__getattr__" else event
            found.append("the student's code reached for the test's frames (" + what + ")")
        finally:
            busy[0] = False
        raise RuntimeError(what + " is not available while tests run")

    sys.addaudithook(audit)

    def check_libraries():
        for name, module in loaded.items():
            if sys.modules.get(name) is not module:
                found.append("the module " + name + " was replaced")
                sys.modules[name] = module
        for owner, watched_names, values, places in things:
            # Thousands are compared before and after each test cell, so the loop is C's.
            if every(each(same, each(vars(owner).get, watched_names), values)):
                continue
            for name, value, place in zip(watched_names, values, places):
                if vars(owner).get(name) is not value:
                    found.append(place + " was changed")
                    if owner.__class__ is types.ModuleType:
                        vars(owner)[name] = value
                    else:
                        setattribute(owner, name, value)
        for kind, before in attributes_of:
            for name in () if vars(kind).keys() <= before else vars(kind).keys() - before:
                if any(name in vars(base) for base in kind.__mro__[1:]):
                    found.append(kind.__name__ + "." + name + " was put in front of the inherited one")
                    type.__delattr__(kind, name)
        for cell, content, place in closures:
            if cell.cell_contents is not content:
                found.append(place + " was rewritten")
                cell.cell_contents = content
        for function, place, *before in map(genuine.get, set(written_to)):
            if not every(each(same, (function.__code__, function.__defaults__, function.__kwdefaults__), before)):
                found.append(place + " was rewritten")
                function.__code__, function.__defaults__, function.__kwdefaults__ = before
        del written_to[:]

    def check_shell():
        # Often set, for convenience, to show every value: nbgrader would read the first as the score.
        shell.ast_node_interactivity = interactivity
        for current, before, place in lists:
            if len(current) != len(before) or any(a is not b for a, b in zip(current, before)):
                found.append("the shell's " + place + " were changed")
                current[:] = before
        for holder, kind, before, place in held:
            if holder.__class__ is not kind:
                found.append(place + " has another class")
                object.__setattr__(holder, "__class__", kind)
            for name, value in list(vars(holder).items()):
                if name not in before and name in dir(kind) and callable(value):
                    found.append(place + " was changed: " + name)
                    del vars(holder)[name]
        if (shell.ast_transformers is not lists[0][0]) or shell.input_transformers_post is not lists[1][0]:
            found.append("the shell's transformers were replaced")
            shell.ast_transformers, shell.input_transformers_post = lists[0][0], lists[1][0]
        for (current, _, _), name in zip(lists[2:], ("cleanup_transforms", "line_transforms", "token_transformers")):
            if getattr(manager, name) is not current:
                found.append("the shell's input transformers were replaced")
                setattr(manager, name, current)
        if shell.custom_exceptions:
            found.append("a handler for exceptions was set")
            shell.custom_exceptions = ()
        for name, callbacks in shell.events.callbacks.items():
            if any(is_students(callback) for callback in callbacks):
                found.append("a function of the student's runs on the event " + name)
                callbacks[:] = events.get(name, [])

    def check_interpreter():
        if shell.user_ns is not names or shell.user_global_ns is not names or type(names) is not dict:
            found.append("the shell's namespace was replaced")
        for callback in gc.callbacks:
            if is_students(callback):
                found.append("a function of the student's runs with the garbage collector")
                gc.callbacks.remove(callback)
        for number in signal.valid_signals():
            if is_students(signal.getsignal(number)):
                found.append("a function of the student's handles signals")
                signal.signal(number, signal.SIG_DFL)
        if get_trace() is not None or get_profile() is not None:
            found.append("a trace function was set")
            set_trace(None)
            set_profile(None)
        for hook in ("displayhook", "excepthook"):
            if is_students(getattr(sys, hook)):
                found.append("sys." + hook + " was replaced")
        if any(is_students(finder) or getattr(finder, "__module__", "") == "__main__" for finder in sys.meta_path):
            found.append("an import hook was set")
            sys.meta_path[:] = [
                f for f in sys.meta_path if getattr(f, "__module__", "") != "__main__" and not is_students(f)
            ]
        for thread, frame in current_frames().items():
            while frame is not None and thread not in threads:
                if frame.f_globals is names:
                    found.append("code of the student's runs in another thread")
                    break
                frame = frame.f_back

    def new_classes():
        unseen = [object]
        while unseen:
            for inner in subclasses(unseen.pop()):
                if inner is not type:
                    unseen.append(inner)
                if inner not in visited:
                    visited.add(inner)
                    yield inner

    def check_classes(known):
        for kind in list(new_classes()):
            mine = kind.__module__ == "__main__" or any(is_students(value) for value in vars(kind).values())
            if mine and kind.__name__ not in known:
                check_class(kind)

    def check_class(kind):
        its = vars(kind)
        if "__class__" in its or "__array_function__" in its or "__array_ufunc__" in its or issubclass(kind, tables):
            found.append("the class " + kind.__name__ + " poses as another type")
            return
        (base, *_) = [base for base in kind.__mro__ if base in bases]
        try:
            one = base.__new__(kind)
        except BaseException:
            return
        odd = getrandbits(60)
        others = [odd, -odd, odd / 7, str(odd), [odd], (odd,), {str(odd): odd}]
        for method in ("__eq__", "__lt__", "__gt__", "__le__", "__ge__"):
            if not isinstance(its.get(method), types.FunctionType):
                continue
            agreed = []
            for other in others:
                try:
                    answer = its[method](one, other)
                    agreed.append(bool(answer is not NotImplemented and answer))
                except BaseException:
                    agreed.append(False)
            if (method == "__eq__" and any(agreed)) or all(agreed[:2]):
                found.append("the class " + kind.__name__ + " compares alike with anything (" + method + ")")
                return

    def check_names(needed, imports, own):
        for name, value in owned.items():
            if name in needed and name in names and names[name] is not value:
                found.append(name + ", which the instructor's cells define, was replaced")
                names[name] = value
        for name in needed:
            genuine = getattr(builtins, name, None)
            if genuine is None or name in owned or name in own or not callable(names.get(name)):
                continue
            if names[name] is not genuine and names[name] is not at_first.get(name):
                found.append("the built-in " + name + " was replaced by a variable")
        for name, (module, attribute) in imports.items():
            if name in names and name not in owned and module in loaded:
                genuine = loaded[module] if attribute is None else vars(loaded[module]).get(attribute)
                if genuine is not None and names[name] is not genuine:
                    found.append(name + ", which the instructor imports, was replaced")

    list(new_classes())

    # While a test runs, its text is neither in the history nor in the message that brought it.
    history = shell.history_manager
    store_inputs = history.store_inputs

    def hide(*_):
        if watching[0]:
            shell.parent_header.get("content", {})["code"] = ""

    shell.events.register("pre_run_cell", hide)
    events["pre_run_cell"] = list(shell.events.callbacks["pre_run_cell"])

    class Sentry:
        def remember(self, source, defined):
            """After a locked cell of the instructor's: what it defined is the instructor's."""
            tests.add(shell.compile.get_code_name(source, source, 0))
            for name in defined:
                if name in names:
                    owned[name] = value = names[name]
                    if isinstance(value, types.FunctionType):
                        note_code(value, name)
                    elif isinstance(value, type):
                        note(value, vars(value), name + ".")

        def verdict(self, nonce, source, facts, watch):
            """Say what was found since the last time, signed."""
            busy[0] = True
            try:
                tests.add(shell.compile.get_code_name(source, source, 0))
                check_libraries()
                check_shell()
                check_interpreter()
                check_names(facts["names"], facts["imports"], facts["own"])
                check_classes(facts["own"])
                report = dumps(sorted(set(found)))
                del found[:]
            finally:
                busy[0] = False
                watching[0] = watch
                history.store_inputs = (lambda *_, **__: None) if watch else store_inputs
            return report + keyed((nonce + report).encode(), key=key).hexdigest()

    return Sentry()
