package org.example.imports;

import java.util.List;
import java.util.concurrent.*;
import org.example.weather.Definitions.Builder;
import static org.example.weather.Units.FREEZING;
import static org.example.weather.Units.*;
import single;
