package org.example.imports

import java.util.UUID
import org.example.weather.*
import org.example.weather.Station as Place
import org.example.weather.Kind.WIND
import single
