using System.Net;
using System.Net.Sockets;

namespace Orders.Tests.Support;

/// <summary>Ports that nobody listens on.</summary>
internal static class Ports
{
    /// <summary>Not one of those that the system gives to whoever asks for any, as every outgoing connection does.</summary>
    /// <param name="count">How many, one after another.</param>
    public static int Free(int count = 1)
    {
        while (true)
        {
            int first = Random.Shared.Next(20_000, 30_000);
            if (Enumerable.Range(first, count).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
