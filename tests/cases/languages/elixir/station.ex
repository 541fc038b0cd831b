# Größen der Station
defmodule Weather.Station do
  @moduledoc "Measures."
  use GenServer
  alias Weather.{Probe, Reading}
  alias Weather.Units.Celsius, as: Degrees
  import Enum, only: [map: 2]
  require Logger

  @limit 10
  @type pin :: integer
  @typep pair(a) :: {a, a}
  @spec add(pin, pin) :: pin
  defstruct [:name, pin: 1]

  # Adds.
  def add(first, second \\ 1) when first > 0 do
    total = first + second
    {:ok, last} = store(total)

    case last do
      {kind, value} -> Probe.read(kind, value)
      other -> other
    end

    Enum.map([1], fn item -> item + @limit end)
  end

  def limit, do: @limit
  defp twice(value), do: value * 2
  defmacro measure(body) do
    quote do
      unquote(body)
    end
  end

  defmodule Inner do
    def run(%Degrees{} = degrees), do: degrees
  end
end

defprotocol Weather.Readable do
  def read(value)
end

defimpl Weather.Readable, for: Integer do
  def read(value), do: value
end
