// Importing the engine turns it on for the whole process. Test files share one, so all files of the package do it.
import "@gradus/engine";
