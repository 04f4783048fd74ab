// Watt takes what is in its own folder.
import '../server.js';
