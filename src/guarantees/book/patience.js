// anywidget gives a model two seconds to start and then rejects a promise that only messages of a kernel wait for: on a
// slow computer an error in the console, though the widget is drawn as soon as it can be.
export const timeout = () => new AbortController().signal;
