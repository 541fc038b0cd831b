using System;

Console.WriteLine(Twice(3));

int Twice(int value) => value * 2;
