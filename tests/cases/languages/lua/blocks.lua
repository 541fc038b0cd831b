local function area(a)
  if a > 0 then
    step()
  else
    stop()
  end
  for i = 1, 3 do
    step(i)
  end
  while a do
    step()
  end
  repeat
    step()
  until a
  do
    wait()
  end
  return function()
    step()
  end
end

area(1)
