import java.time.*
import plimsoll.analyses.*
import plimsoll.dsl.*
import plimsoll.notebooks.Exit
import plimsoll.telemetry.*
import tech.tablesaw.api.*
var host = plimsoll.notebooks.Start.host()
