// The sheet of keyboard shortcuts, loaded when the question mark first asks for it.
export const html = `<div class="dialog-head"><h2>Keyboard shortcuts</h2><form method="dialog"><button class="btn btn-ghost btn-sm">Close</button></form></div>
<div class="dialog-body">
<dl class="keys">
<dt><kbd>Ctrl</kbd><kbd>K</kbd></dt><dd>Search or jump to</dd>
<dt><kbd>N</kbd></dt><dd>Log an initiative</dd>
<dt><kbd>/</kbd></dt><dd>Go to the search field of the page</dd>
<dt><kbd>G</kbd><kbd>P</kbd></dt><dd>Portfolio</dd>
<dt><kbd>G</kbd><kbd>O</kbd></dt><dd>Team overview</dd>
<dt><kbd>G</kbd><kbd>I</kbd></dt><dd>Initiatives</dd>
<dt><kbd>Z</kbd></dt><dd>Undo, while the notice is shown</dd>
<dt><kbd>?</kbd></dt><dd>This sheet</dd>
</dl>
<h3 class="mt-6">In the table</h3>
<dl class="keys mt-2">
<dt><kbd>↑</kbd><kbd>↓</kbd><kbd>←</kbd><kbd>→</kbd></dt><dd>Move between cells</dd>
<dt><kbd>Enter</kbd></dt><dd>Edit the cell, or save it</dd>
<dt><kbd>Esc</kbd></dt><dd>Leave the cell as it was</dd>
<dt><kbd>Tab</kbd></dt><dd>Save and go to the next cell</dd>
</dl>
<label class="check mt-6"><input type="checkbox" data-keys-switch> Single keys work as shortcuts</label>
</div>`;
