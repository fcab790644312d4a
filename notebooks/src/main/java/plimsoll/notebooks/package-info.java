@NullMarked
package plimsoll.notebooks;

import org.jspecify.annotations.NullMarked;
