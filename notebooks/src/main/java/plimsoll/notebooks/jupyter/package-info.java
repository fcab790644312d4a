/** What Jupyter's Java kernels need to show Plimsoll's values. */
@NullMarked
package plimsoll.notebooks.jupyter;

import org.jspecify.annotations.NullMarked;
