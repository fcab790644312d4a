@NullMarked
package plimsoll.cli;

import org.jspecify.annotations.NullMarked;
